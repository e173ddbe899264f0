package auth

import (
	"slices"
	"strings"

	"github.com/seed-2147f1a9/spotify/internal/argument"
)

// Scope is a permission that the user grants an app when logging in. The doc comment of each
// operation names the scopes that it needs.
//
// https://developer.spotify.com/documentation/web-api/concepts/scopes
type Scope string

// Scopes of the Web API's operations.
const (
	ScopePlaylistModifyPrivate     Scope = "playlist-modify-private"     // create and change private playlists
	ScopePlaylistModifyPublic      Scope = "playlist-modify-public"      // create and change public playlists
	ScopePlaylistReadCollaborative Scope = "playlist-read-collaborative" // see collaborative playlists
	ScopePlaylistReadPrivate       Scope = "playlist-read-private"       // see private playlists
	ScopeUGCImageUpload            Scope = "ugc-image-upload"            // upload playlist covers
	ScopeUserFollowModify          Scope = "user-follow-modify"          // follow and unfollow
	ScopeUserFollowRead            Scope = "user-follow-read"            // see whom the user follows
	ScopeUserLibraryModify         Scope = "user-library-modify"         // save to and remove from the library
	ScopeUserLibraryRead           Scope = "user-library-read"           // see the library
	ScopeUserModifyPlaybackState   Scope = "user-modify-playback-state"  // control what plays, and where
	ScopeUserReadCurrentlyPlaying  Scope = "user-read-currently-playing" // see what plays now
	ScopeUserReadEmail             Scope = "user-read-email"             // see the email address
	ScopeUserReadPlaybackPosition  Scope = "user-read-playback-position" // see positions in episodes and chapters
	ScopeUserReadPlaybackState     Scope = "user-read-playback-state"    // see devices and what they play
	ScopeUserReadPrivate           Scope = "user-read-private"           // see country and subscription
	ScopeUserReadRecentlyPlayed    Scope = "user-read-recently-played"   // see what was played lately
	ScopeUserTopRead               Scope = "user-top-read"               // see the top artists and tracks
)

// Scopes of Spotify's SDKs. No operation of the Web API needs them.
const (
	ScopeAppRemoteControl Scope = "app-remote-control" // iOS and Android SDKs: talk to the Spotify app on the device
	ScopeStreaming        Scope = "streaming"          // Web Playback SDK: play in the browser; needs Premium
)

// Scopes that are not in the Web API's reference. ScopeUserPersonalized belongs to a program that
// Spotify has closed, the others to Open Access partners. Spotify refuses a login that requests a
// scope which the app may not use.
//
// https://developer.spotify.com/documentation/open-access
const (
	ScopeUserPersonalized      Scope = "user-personalized"
	ScopeUserSOALink           Scope = "user-soa-link"
	ScopeUserSOAUnlink         Scope = "user-soa-unlink"
	ScopeSOACreatePartner      Scope = "soa-create-partner"
	ScopeSOAManageEntitlements Scope = "soa-manage-entitlements"
	ScopeSOAManagePartner      Scope = "soa-manage-partner"
)

// AllScopes returns the 19 scopes of the Web API's reference and of Spotify's SDKs, without the
// scopes for partners.
func AllScopes() Scopes { return slices.Clone(publicScopes) }

var publicScopes = Scopes{
	ScopeAppRemoteControl, ScopePlaylistModifyPrivate, ScopePlaylistModifyPublic,
	ScopePlaylistReadCollaborative, ScopePlaylistReadPrivate, ScopeStreaming, ScopeUGCImageUpload,
	ScopeUserFollowModify, ScopeUserFollowRead, ScopeUserLibraryModify, ScopeUserLibraryRead,
	ScopeUserModifyPlaybackState, ScopeUserReadCurrentlyPlaying, ScopeUserReadEmail,
	ScopeUserReadPlaybackPosition, ScopeUserReadPlaybackState, ScopeUserReadPrivate,
	ScopeUserReadRecentlyPlayed, ScopeUserTopRead,
}

var partnerScopes = Scopes{
	ScopeSOACreatePartner, ScopeSOAManageEntitlements, ScopeSOAManagePartner, ScopeUserPersonalized,
	ScopeUserSOALink, ScopeUserSOAUnlink,
}

// Scopes is a set of scopes.
type Scopes []Scope

// ParseScopes returns the scopes of a space-separated list (RFC 6749 section 3.3), sorted and
// without duplicates. It keeps unknown scopes, because Spotify may grant new ones.
func ParseScopes(s string) Scopes {
	var set Scopes
	for _, name := range strings.Fields(s) {
		set = append(set, Scope(name))
	}
	slices.Sort(set)
	return slices.Compact(set)
}

// String returns the scopes sorted, without duplicates and separated by spaces.
func (s Scopes) String() string {
	names := make([]string, len(s))
	for i, scope := range s {
		names[i] = string(scope)
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), " ")
}

// Has reports whether s contains scope.
func (s Scopes) Has(scope Scope) bool { return slices.Contains(s, scope) }

// Missing returns the scopes of need that s does not contain, in need's order.
func (s Scopes) Missing(need ...Scope) Scopes {
	var missing Scopes
	for _, scope := range need {
		if !s.Has(scope) {
			missing = append(missing, scope)
		}
	}
	return missing
}

// check refuses an unknown scope, which Spotify would refuse in the middle of the user's login.
func (s Scopes) check() error {
	for _, scope := range s {
		if !publicScopes.Has(scope) && !partnerScopes.Has(scope) {
			return argument.Errorf("Scopes", string(scope),
				"the Scope constants of package auth, such as %s", ScopeUserLibraryRead)
		}
	}
	return nil
}
