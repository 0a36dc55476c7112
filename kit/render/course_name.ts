/** The name of the course, on every page and deck. */
export const courseName = "Fewer Bytes";
