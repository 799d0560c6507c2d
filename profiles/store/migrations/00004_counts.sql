-- +goose Up

-- What a profile counts unless another is asked for, as "cpu/nanoseconds": of those
-- that are stored already the last of its types, which is pprof's choice where the
-- profile names none.
ALTER TABLE profiles ADD COLUMN counts TEXT NOT NULL DEFAULT '';
UPDATE profiles SET counts = coalesce(json_extract(sample_types, '$[#-1]'), '') WHERE json_valid(sample_types);
