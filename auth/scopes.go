package auth

// scopes.go names every permission an app can ask a user for.

import (
	"slices"
	"strings"

	"github.com/seed-2147f1a9/spotify/internal/argument"
)

// Scope is a permission that a user gives an app when logging in. Each operation that needs one says so in its doc comment.
//
// https://developer.spotify.com/documentation/web-api/concepts/scopes
type Scope string

// The scopes that operations of the Web API ask for.
const (
	ScopePlaylistModifyPrivate     Scope = "playlist-modify-private"     // create and change private playlists
	ScopePlaylistModifyPublic      Scope = "playlist-modify-public"      // create and change public playlists
	ScopePlaylistReadCollaborative Scope = "playlist-read-collaborative" // see collaborative playlists among the user's
	ScopePlaylistReadPrivate       Scope = "playlist-read-private"       // see private playlists
	ScopeUGCImageUpload            Scope = "ugc-image-upload"            // upload playlist covers
	ScopeUserFollowModify          Scope = "user-follow-modify"          // follow and unfollow
	ScopeUserFollowRead            Scope = "user-follow-read"            // see whom the user follows
	ScopeUserLibraryModify         Scope = "user-library-modify"         // save to and remove from the library
	ScopeUserLibraryRead           Scope = "user-library-read"           // see the library
	ScopeUserModifyPlaybackState   Scope = "user-modify-playback-state"  // control what plays, and where
	ScopeUserReadCurrentlyPlaying  Scope = "user-read-currently-playing" // see what plays now
	ScopeUserReadEmail             Scope = "user-read-email"             // see the email address
	ScopeUserReadPlaybackPosition  Scope = "user-read-playback-position" // see where the user stopped in episodes and chapters
	ScopeUserReadPlaybackState     Scope = "user-read-playback-state"    // see devices and what they play
	ScopeUserReadPrivate           Scope = "user-read-private"           // see country and subscription
	ScopeUserReadRecentlyPlayed    Scope = "user-read-recently-played"   // see what was played lately
	ScopeUserTopRead               Scope = "user-top-read"               // see the top artists and tracks
)

// Scopes for Spotify's SDKs: no operation of the Web API asks for them.
const (
	ScopeAppRemoteControl Scope = "app-remote-control" // iOS and Android SDKs: talk to the Spotify app on the device
	ScopeStreaming        Scope = "streaming"          // Web Playback SDK: play in the browser; needs Premium
)

// Scopes that are not in the Web API's reference: the first was for a program that has ended, the others are for Open Access partners,
// https://developer.spotify.com/documentation/open-access. Spotify refuses a login that asks for one without having been given it.
const (
	ScopeUserPersonalized      Scope = "user-personalized"
	ScopeUserSOALink           Scope = "user-soa-link"
	ScopeUserSOAUnlink         Scope = "user-soa-unlink"
	ScopeSOACreatePartner      Scope = "soa-create-partner"
	ScopeSOAManageEntitlements Scope = "soa-manage-entitlements"
	ScopeSOAManagePartner      Scope = "soa-manage-partner"
)

// AllScopes returns every scope of the Web API's reference and Spotify's SDKs, without those for partners.
func AllScopes() Scopes { return slices.Clone(public) }

var public = Scopes{
	ScopeAppRemoteControl, ScopePlaylistModifyPrivate, ScopePlaylistModifyPublic, ScopePlaylistReadCollaborative, ScopePlaylistReadPrivate,
	ScopeStreaming, ScopeUGCImageUpload, ScopeUserFollowModify, ScopeUserFollowRead, ScopeUserLibraryModify, ScopeUserLibraryRead,
	ScopeUserModifyPlaybackState, ScopeUserReadCurrentlyPlaying, ScopeUserReadEmail, ScopeUserReadPlaybackPosition, ScopeUserReadPlaybackState,
	ScopeUserReadPrivate, ScopeUserReadRecentlyPlayed, ScopeUserTopRead,
}

var partners = Scopes{
	ScopeSOACreatePartner, ScopeSOAManageEntitlements, ScopeSOAManagePartner, ScopeUserPersonalized, ScopeUserSOALink, ScopeUserSOAUnlink,
}

// Scopes is a set of scopes.
type Scopes []Scope

// ParseScopes reads scopes separated by spaces, as OAuth writes them. It keeps those it does not know: Spotify may have granted them.
func ParseScopes(s string) Scopes {
	var set Scopes
	for _, name := range strings.Fields(s) {
		set = append(set, Scope(name))
	}
	slices.Sort(set)
	return slices.Compact(set)
}

// String returns the scopes in order, separated by spaces.
func (s Scopes) String() string {
	names := make([]string, len(s))
	for i, scope := range s {
		names[i] = string(scope)
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), " ")
}

// Has reports whether the set holds a scope.
func (s Scopes) Has(scope Scope) bool { return slices.Contains(s, scope) }

// Missing returns those of need that the set does not hold, in need's order.
func (s Scopes) Missing(need ...Scope) Scopes {
	var missing Scopes
	for _, scope := range need {
		if !s.Has(scope) {
			missing = append(missing, scope)
		}
	}
	return missing
}

// check refuses a scope that does not exist: Spotify would, in the middle of the user's login.
func (s Scopes) check() error {
	for _, scope := range s {
		if !public.Has(scope) && !partners.Has(scope) {
			return argument.Errorf("Scopes", string(scope), "the Scope constants of package auth, such as %s", ScopeUserLibraryRead)
		}
	}
	return nil
}
