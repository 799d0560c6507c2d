-- +goose Up

-- Samples are those behind the values of the type that is shown; 0 for unknown. Where no
-- type holds their number, uploads of before have that of their stacks instead.
UPDATE profiles SET samples = 0
WHERE comparison IS NULL AND json_valid(sample_types)
    AND NOT EXISTS (SELECT 1 FROM json_each(sample_types) WHERE value = 'samples/count');
