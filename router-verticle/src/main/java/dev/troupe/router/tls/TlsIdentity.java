package dev.troupe.router.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What stood in the files of a certificate at one moment: a certificate and the key that belongs to it. */
public final class TlsIdentity {
    private static final Pattern PRIVATE_KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private final byte[] certificatePem;
    private final byte[] keyPem;
    private final List<X509Certificate> chain;

    private TlsIdentity(byte[] certificatePem, byte[] keyPem, List<X509Certificate> chain) {
        this.certificatePem = certificatePem;
        this.keyPem = keyPem;
        this.chain = chain;
    }

    /**
     * Blocks.
     *
     * @throws TlsException when one cannot be read, is not what it should be, or the two do not belong together
     */
    public static TlsIdentity read(TlsFiles files) {
        return parse(files, bytes(files.certificate()), bytes(files.key()));
    }

    /**
     * Blocks.
     *
     * @return what stands in the files now; empty when that is still this
     * @throws TlsException as {@link #read} does
     */
    Optional<TlsIdentity> newer(TlsFiles files) {
        byte[] certificateNow = bytes(files.certificate());
        byte[] keyNow = bytes(files.key());
        return Arrays.equals(certificateNow, certificatePem) && Arrays.equals(keyNow, keyPem)
                ? Optional.empty()
                : Optional.of(parse(files, certificateNow, keyNow));
    }

    private static TlsIdentity parse(TlsFiles files, byte[] certificatePem, byte[] keyPem) {
        List<X509Certificate> chain = certificates(files.certificate(), certificatePem);
        PublicKey certified = chain.get(0).getPublicKey();
        PrivateKey key = key(files.key(), keyPem, certified.getAlgorithm());
        if (!belongTogether(key, certified)) {
            throw new TlsException("the key in " + files.key() + " is not that of the certificate in "
                    + files.certificate() + "; the first certificate of that file must be the server's own");
        }
        return new TlsIdentity(certificatePem, keyPem, chain);
    }

    /** @return the server's own first, then those that vouch for it */
    public List<X509Certificate> chain() {
        return chain;
    }

    /** @return from when on nobody believes it any more */
    public Instant expires() {
        return chain.get(0).getNotAfter().toInstant();
    }

    PemKeyCertOptions options() {
        return new PemKeyCertOptions()
                .setCertValue(Buffer.buffer(certificatePem))
                .setKeyValue(Buffer.buffer(keyPem));
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new TlsException("cannot read " + file + ": " + e, e);
        }
    }

    private static List<X509Certificate> certificates(Path file, byte[] pem) {
        try {
            List<X509Certificate> chain =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (!chain.isEmpty()) {
                return chain;
            }
        } catch (CertificateException e) {
            throw new TlsException(file + " holds no certificate that can be read: " + e.getMessage(), e);
        }
        throw new TlsException(file + " holds no certificate; it must be in PEM form (-----BEGIN CERTIFICATE-----)");
    }

    private static PrivateKey key(Path file, byte[] pem, String algorithm) {
        Matcher matcher = PRIVATE_KEY.matcher(new String(pem, US_ASCII));
        if (!matcher.find()) {
            throw new TlsException(file + " holds no private key in PEM form as PKCS#8 (-----BEGIN PRIVATE KEY-----);"
                    + " openssl pkcs8 -topk8 -nodes -in OLD -out NEW makes one");
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(matcher.group(1));
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // The cause may quote the key.
            throw new TlsException("the private key in " + file + " is no " + algorithm
                    + " key that can be read; the certificate is for such a key");
        }
    }

    private static boolean belongTogether(PrivateKey key, PublicKey certified) {
        try {
            Signature signature = Signature.getInstance(
                    switch (key.getAlgorithm()) {
                        case "RSA" -> "SHA256withRSA";
                        case "EC" -> "SHA256withECDSA";
                        default -> key.getAlgorithm();
                    });
            byte[] something = "something to sign".getBytes(US_ASCII);
            signature.initSign(key);
            signature.update(something);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(something);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
