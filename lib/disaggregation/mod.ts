/** Prefill and decode, attention and experts on devices of their own, and what moves between them. */
export {};
