package resources_test

import (
	"context"
	"fmt"
	"log"

	"github.com/seed-2147f1a9/spotify/mock"
	"github.com/seed-2147f1a9/spotify/resources"
)

// Play starts an album with its third track.
func ExamplePlayer_Play() {
	client, _ := mock.NewClient(nil)
	defer client.Close()
	ctx, player := context.Background(), client.Player

	devices, err := player.Devices(ctx)
	if err != nil {
		log.Fatal(err)
	}
	err = player.Play(ctx, &resources.PlayParams{
		DeviceID:   devices[0].ID,
		ContextURI: "spotify:album:" + mock.AlbumID,
		Offset:     &resources.PlayOffset{Position: 2},
	})
	if err != nil {
		log.Fatal(err)
	}
	if err := player.SetVolume(ctx, 30, nil); err != nil {
		log.Fatal(err)
	}

	state, err := player.State(ctx, nil)
	if err != nil {
		log.Fatal(err)
	}
	if state == nil { // no device is active
		return
	}
	fmt.Printf("%s on %s at %d %%\n", state.Item.Name(), state.Device.Name, *state.Device.VolumePercent)

	// Output:
	// Lanterns on the Quay on Desk at 30 %
}
