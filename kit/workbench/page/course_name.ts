/** The name of the course, as the window's title and the top bar show it; kit/render's needs more than a browser has. */
export const courseName = "Fewer Bytes";
