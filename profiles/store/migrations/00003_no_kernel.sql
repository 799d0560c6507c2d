-- +goose Up
ALTER TABLE runs ADD COLUMN no_kernel TEXT NOT NULL DEFAULT '';
