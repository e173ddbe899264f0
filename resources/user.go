package resources

// PublicUser is a user as everyone may see one.
type PublicUser struct {
	// ID, URI and Href name the user: for this package, for players, for the API.
	ID   string `json:"id"`
	URI  string `json:"uri"`
	Href string `json:"href"`
	// Type is "user".
	Type string `json:"type"`
	// DisplayName is empty where the user has chosen none.
	DisplayName  string       `json:"display_name,omitzero"`
	Images       Images       `json:"images"`
	ExternalURLs ExternalURLs `json:"external_urls,omitzero"`
	// Followers is empty for apps in development mode since February 2026.
	Followers Followers `json:"followers,omitzero"`
}

// PrivateUser is the user whose token was sent.
type PrivateUser struct {
	PublicUser
	// AccountID names the account for good, where ID may be something the user has chosen; it was added in May 2026.
	AccountID string `json:"account_id,omitzero"`
	// Country, Product and ExplicitContent take the scope user-read-private, Email takes user-read-email.
	// All four are empty for apps in development mode since February 2026.
	//
	// Country is that of the account, as an ISO 3166-1 alpha-2 code.
	Country         string          `json:"country,omitzero"`
	Product         Product         `json:"product,omitzero"`
	ExplicitContent ExplicitContent `json:"explicit_content,omitzero"`
	// Email is the address that the user typed: nobody has checked that it is theirs.
	Email string `json:"email,omitzero"`
}

// Product is the user's subscription. It is empty, which means unknown, where Spotify does not say.
// There are values beyond the constants.
type Product string

// The products of the reference.
const (
	ProductPremium Product = "premium"
	ProductFree    Product = "free"
	// ProductOpen is another name for ProductFree.
	ProductOpen Product = "open"
)

// IsFree reports whether the user is known to pay nothing, under either of the names for that.
func (p Product) IsFree() bool { return p == ProductFree || p == ProductOpen }

// ExplicitContent is whether a user may hear what is marked as explicit.
type ExplicitContent struct {
	// FilterEnabled reports whether the player leaves such things out. It is nil, which means
	// unknown, without the scope user-read-private, and for apps in development mode since February
	// 2026.
	FilterEnabled *bool `json:"filter_enabled,omitzero"`
	// FilterLocked reports whether the user cannot change that. It is nil where FilterEnabled is.
	FilterLocked *bool `json:"filter_locked,omitzero"`
}
