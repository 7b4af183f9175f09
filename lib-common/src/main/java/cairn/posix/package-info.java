/**
 * The one place for native calls: Linux on amd64 and aarch64 through {@code java.lang.foreign}. Names are raw bytes
 * without NUL, files are reached by directory descriptors, failures are {@link cairn.posix.PosixException}. Hot calls
 * allocate nothing: each thread has its own piece of native memory. Every function blocks its thread as the system
 * call does.
 */
package cairn.posix;
