/** Fewer numbers: weights, activations and scores that are zero, and the formats that skip them. */
