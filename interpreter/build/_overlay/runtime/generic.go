package runtime

// This file is added to package runtime when the worker is built. The body of AddCleanup is compiled where it is
// called, and types come with it that lead to those of the runtime's heap. A library keeps all its types, and no
// other code asks the worker for these.
func cellTypes() []any {
	return []any{(*heapArena)(nil), (*spanSetBlock)(nil), spanSetBlockHeader2{}, atomicMSpanPointer{}}
}
