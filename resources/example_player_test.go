package resources_test

import (
	"context"
	"fmt"
	"log"
	"time"

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

// Watch polls the playback, here once, and yields the state as it was received.
func ExamplePlayer_Watch() {
	client, _ := mock.NewClient(nil)
	defer client.Close()
	ctx := context.Background()
	if err := client.Player.Play(ctx, nil); err != nil {
		log.Fatal(err)
	}

	// With a Tick, the position moves on between two requests.
	for state, err := range client.Player.Watch(ctx, &resources.WatchParams{Tick: time.Second}) {
		if err != nil {
			log.Fatal(err)
		}
		if state == nil {
			fmt.Println("no device is active")
			continue
		}
		fmt.Println(state)
		break // a program goes on until its context ends
	}

	// Output:
	// Low Tide – The Paper Lanterns (3:42), playing at 0:00 on Desk
}
