package resources

import "strings"

// Device is something that plays.
type Device struct {
	// ID names the device for some time, not for good. It is empty where the device cannot be steered.
	ID   string     `json:"id"`
	Name string     `json:"name"`
	Type DeviceType `json:"type"`
	// IsActive says that it is the one that plays, or would if nothing was paused.
	IsActive bool `json:"is_active"`
	// IsPrivateSession says that what is played shall not be known to others.
	IsPrivateSession bool `json:"is_private_session"`
	// IsRestricted says that it takes no commands from the Web API.
	IsRestricted bool `json:"is_restricted"`
	// VolumePercent is the volume, 0 to 100, nil where Spotify does not know it.
	VolumePercent *int `json:"volume_percent"`
	// SupportsVolume says that it can be set.
	SupportsVolume bool `json:"supports_volume"`
}

// DeviceType is a kind of device. Values beyond the constants come, and these in any case: compare with Is.
type DeviceType string

// Kinds of devices that were seen.
const (
	DeviceComputer    DeviceType = "Computer"
	DeviceTablet      DeviceType = "Tablet"
	DeviceSmartphone  DeviceType = "Smartphone"
	DeviceSpeaker     DeviceType = "Speaker"
	DeviceTV          DeviceType = "TV"
	DeviceAVR         DeviceType = "AVR"
	DeviceSTB         DeviceType = "STB"
	DeviceAudioDongle DeviceType = "AudioDongle"
	DeviceGameConsole DeviceType = "GameConsole"
	DeviceCastVideo   DeviceType = "CastVideo"
	DeviceCastAudio   DeviceType = "CastAudio"
	DeviceAutomobile  DeviceType = "Automobile"
	DeviceUnknown     DeviceType = "Unknown"
)

// Is reports whether both are the same kind, in whatever case they are written.
func (t DeviceType) Is(other DeviceType) bool { return strings.EqualFold(string(t), string(other)) }
