/** What training keeps in memory, and what it can give up for time. */
export {};
