package tree

// Hashes are part of links: they must not change between versions.
//
// Names are hashed with FNV-1a, which spreads its low bits badly; paths mix them
// with the finaliser of SplitMix64. Note: hash/maphash is faster and has another
// seed in each process.

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
	rootHash  = 0x9e3779b97f4a7c15
)

func nameHash(s string) uint64 {
	h := uint64(fnvOffset)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * fnvPrime
	}
	return h
}

func pathHash(above, name uint64) uint64 {
	h := above*fnvPrime + name
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	h ^= h >> 31
	if h == 0 {
		return rootHash
	}
	return h
}

// Place is the [Tree.Hash] of the node at the end of a path of function names, below
// the root: what the last of them would be in a tree that has it.
func Place(path []string) uint64 {
	h := uint64(rootHash)
	for _, name := range path {
		h = pathHash(h, nameHash(Clip(name)))
	}
	return h
}
