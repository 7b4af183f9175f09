/**
 * Which paths a command means: patterns as in gitignore(5) over raw bytes, and lists of literal names. Nothing here
 * touches the file system; the walk, restore and find ask it.
 */
package cairn.walk.pattern;
