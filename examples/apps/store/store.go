// Package store is an auth.TokenStore in SQLite, for a server whose processes share the database.
package store

import (
	"context"
	"database/sql"
	"errors"
	"os"

	_ "modernc.org/sqlite" // the three statements work with any SQL database

	"github.com/seed-2147f1a9/spotify/auth"
)

// Store is an auth.TokenStore. Close it after its logins.
type Store struct{ *sql.DB }

// Open opens the database. If the file does not exist, Open creates it with mode 0600.
func Open(path string) (*Store, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	_ = f.Close()
	db, err := sql.Open("sqlite", path+"?_pragma=busy_timeout(5000)&_pragma=synchronous(full)")
	if err != nil {
		return nil, err
	}
	_, err = db.Exec(`CREATE TABLE IF NOT EXISTS logins
		(account BLOB PRIMARY KEY, generation INTEGER NOT NULL, record BLOB NOT NULL)`)
	return &Store{db}, err
}

// Load returns the account's stored login, or auth.ErrNoStoredToken.
func (s *Store) Load(ctx context.Context, account string) (token auth.StoredToken, err error) {
	var data []byte
	err = s.QueryRowContext(ctx, `SELECT record FROM logins WHERE account = ?`, []byte(account)).Scan(&data)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return token, auth.ErrNoStoredToken
	case err == nil:
		err = token.UnmarshalBinary(data)
	}
	return token, err
}

// Save replaces generation prevGen of the account's stored login. The statement is a
// compare-and-swap: it changes no row if another generation is stored, and Save returns
// auth.ErrConflict.
func (s *Store) Save(ctx context.Context, account string, token auth.StoredToken, prevGen uint64) error {
	token.Generation = prevGen + 1
	data, err := token.MarshalBinary()
	if err != nil {
		return err
	}
	statement := `UPDATE logins SET generation = ?2, record = ?3 WHERE account = ?1 AND generation = ?2 - 1`
	if prevGen == 0 {
		statement = `INSERT INTO logins VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING`
	}
	result, err := s.ExecContext(ctx, statement, []byte(account), int64(token.Generation), data)
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if n == 0 && err == nil {
		return auth.ErrConflict
	}
	return err
}
