package oid4vci

import (
	"errors"
	"fmt"
	"net/url"
)

// IssuerMetadata is what a credential issuer says of itself (section 12.2.4).
type IssuerMetadata struct {
	Issuer               string                   `json:"credential_issuer"`
	AuthorizationServers []string                 `json:"authorization_servers,omitempty"`
	Credential           string                   `json:"credential_endpoint"`
	Nonce                string                   `json:"nonce_endpoint,omitempty"`
	Deferred             string                   `json:"deferred_credential_endpoint,omitempty"`
	Notification         string                   `json:"notification_endpoint,omitempty"`
	Batch                *Batch                   `json:"batch_credential_issuance,omitempty"`
	Display              []Display                `json:"display,omitempty"`
	Configurations       map[string]Configuration `json:"credential_configurations_supported"`
}

// Batch says how many proofs a request may bring: 2 or more.
type Batch struct {
	Size int `json:"batch_size"`
}

// Display is a name in one language.
type Display struct {
	Name   string `json:"name,omitempty"`
	Locale string `json:"locale,omitempty"` // BCP 47
}

// Configuration is a kind of credential that can be had. ProofTypes stand there
// if and only if BindingMethods do.
type Configuration struct {
	Format         string               `json:"format"`
	BindingMethods []string             `json:"cryptographic_binding_methods_supported,omitempty"`
	ProofTypes     map[string]ProofType `json:"proof_types_supported,omitempty"`
	Metadata       *CredentialMetadata  `json:"credential_metadata,omitempty"`
}

// ProofType says which algorithms a proof may be signed with.
type ProofType struct {
	Algorithms []string `json:"proof_signing_alg_values_supported"`
}

// CredentialMetadata is what people are shown of a kind of credential.
type CredentialMetadata struct {
	Display []Display `json:"display,omitempty"`
}

// ServerMetadata is what an authorization server says of itself (RFC 8414
// section 2, OpenID4VCI section 12.3).
type ServerMetadata struct {
	Issuer          string   `json:"issuer"`
	Token           string   `json:"token_endpoint"`
	GrantTypes      []string `json:"grant_types_supported,omitempty"`
	AuthMethods     []string `json:"token_endpoint_auth_methods_supported,omitempty"`
	ResponseTypes   []string `json:"response_types_supported,omitempty"` // section 12.3: none for this grant
	AnonymousAccess bool     `json:"pre-authorized_grant_anonymous_access_supported,omitempty"`
}

// ParseIssuerMetadata reads the metadata of the issuer with that identifier. The
// document must bear the very same string (section 12.2.3), and every endpoint
// must be on its scheme: nobody is handed from https to http.
func ParseIssuerMetadata(data []byte, identifier string) (*IssuerMetadata, error) {
	var m IssuerMetadata
	if err := read("issuer metadata", data, MaxMessage, &m); err != nil {
		return nil, err
	}
	if m.Issuer != identifier {
		return nil, errors.New("issuer metadata: of another issuer")
	}
	if len(m.Configurations) > MaxSupported || len(m.AuthorizationServers) > MaxConfigurations {
		return nil, errors.New("issuer metadata: too much of it")
	}
	if err := endpoints("issuer metadata", identifier, m.Credential, map[string]string{
		"nonce": m.Nonce, "deferred": m.Deferred, "notification": m.Notification,
	}); err != nil {
		return nil, err
	}
	return &m, nil
}

// ParseServerMetadata reads the metadata of an authorization server.
func ParseServerMetadata(data []byte, identifier string) (*ServerMetadata, error) {
	var m ServerMetadata
	if err := read("server metadata", data, MaxMessage, &m); err != nil {
		return nil, err
	}
	if m.Issuer != identifier { // RFC 8414 section 3.3
		return nil, errors.New("server metadata: of another server")
	}
	return &m, endpoints("server metadata", identifier, m.Token, nil)
}

// endpoints checks the endpoint that must be there and those that may.
func endpoints(what, identifier, needed string, others map[string]string) error {
	base, err := url.Parse(identifier)
	if err != nil {
		return ErrIdentifier
	}
	if needed == "" {
		return fmt.Errorf("%s: an endpoint is missing", what)
	}
	if err := endpoint(what, "main", needed, base.Scheme); err != nil {
		return err
	}
	for name, e := range others {
		if e == "" {
			continue
		}
		if err := endpoint(what, name, e, base.Scheme); err != nil {
			return err
		}
	}
	return nil
}

func endpoint(what, name, raw, scheme string) error {
	u, err := parseURL(raw)
	if err != nil || u.Scheme != scheme && u.Scheme != "https" {
		return fmt.Errorf("%s: the %s endpoint is no address to go to", what, name)
	}
	return nil
}
