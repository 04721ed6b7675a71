/**
 * The certificate of the public port: read from files, checked before anybody is shown it, and read again when the files change.
 *
 * <p>{@link dev.troupe.router.tls.TlsIdentity} reads files and blocks; {@link dev.troupe.router.tls.TlsReload} runs on the router's event loop.
 */
package dev.troupe.router.tls;
