/** Mixtures of experts and memory layers: what is read, what is kept, what is sent. */
export {};
