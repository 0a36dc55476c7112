/** Caches that keep less: fewer bits of each value, fewer tokens, or the input instead of the keys and values. */
export {};
