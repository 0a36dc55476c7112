/** Fewer bits a number: grids, formats, codebooks, and the methods that choose them well. */
