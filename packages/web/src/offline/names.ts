/** The folder of this origin in which shared files wait, each in a folder of its own. */
export const SHARED = "shared";

/** What the page says to a version that waits, so that it is used from now on. */
export const TAKE_OVER = "take-over";
