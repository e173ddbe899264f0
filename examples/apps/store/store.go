// Package store keeps logins in SQLite, for a server whose processes share the database.
package store

import (
	"context"
	"database/sql"
	"errors"
	"os"

	_ "modernc.org/sqlite" // any database needs the same three statements

	"github.com/seed-2147f1a9/spotify/auth"
)

// Store is an auth.TokenStore. Close it when its logins are closed.
type Store struct{ *sql.DB }

// Open opens the database, and makes it first, readable for its owner only, if there is none.
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
	_, err = db.Exec(`CREATE TABLE IF NOT EXISTS logins (account BLOB PRIMARY KEY, generation INTEGER NOT NULL, record BLOB NOT NULL)`)
	return &Store{db}, err
}

// Load returns an account's login.
func (s *Store) Load(ctx context.Context, account string) (rec auth.Record, err error) {
	var data []byte
	err = s.QueryRowContext(ctx, `SELECT record FROM logins WHERE account = ?`, []byte(account)).Scan(&data)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return rec, auth.ErrNoRecord
	case err == nil:
		err = rec.UnmarshalBinary(data)
	}
	return rec, err
}

// Save replaces generation prevGen of an account's login in one statement, which is a
// compare-and-swap.
func (s *Store) Save(ctx context.Context, account string, rec auth.Record, prevGen uint64) error {
	rec.Generation = prevGen + 1
	data, err := rec.MarshalBinary()
	if err != nil {
		return err
	}
	statement := `UPDATE logins SET generation = ?2, record = ?3 WHERE account = ?1 AND generation = ?2 - 1`
	if prevGen == 0 {
		statement = `INSERT INTO logins VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING`
	}
	result, err := s.ExecContext(ctx, statement, []byte(account), int64(rec.Generation), data)
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if n == 0 && err == nil {
		return auth.ErrConflict
	}
	return err
}
