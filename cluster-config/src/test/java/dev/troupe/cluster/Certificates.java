package dev.troupe.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** An authority of a test and what it vouches for, made by the JDK's keytool. */
final class Certificates {
    private static final String PASSWORD = "changeit";

    private final Path folder;
    private final Path store;

    Certificates(Path folder) throws Exception {
        this.folder = Files.createDirectories(folder);
        this.store = folder.resolve("store.p12");
        keytool("-alias", "ca", "-dname", "CN=authority", "-ext", "bc:c");
    }

    /** @return files of a process to whom the authority has given a certificate */
    BusTls issue(String name) throws Exception {
        keytool("-alias", name, "-dname", "CN=" + name, "-signer", "ca");
        return new BusTls(
                pem(name, "CERTIFICATE", keys().getCertificate(name).getEncoded()),
                pem(name + "-key", "PRIVATE KEY", key(name).getEncoded()),
                pem("ca", "CERTIFICATE", keys().getCertificate("ca").getEncoded()));
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair"));
        line.addAll(List.of("-keyalg", "EC", "-validity", "2", "-storetype", "PKCS12"));
        line.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
        line.addAll(List.of(arguments));
        int code = new ProcessBuilder(line).inheritIO().start().waitFor();
        if (code != 0) {
            throw new AssertionError("keytool failed: " + line);
        }
    }

    private KeyStore keys() throws GeneralSecurityException, IOException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private Key key(String name) throws GeneralSecurityException, IOException {
        return keys().getKey(name, PASSWORD.toCharArray());
    }

    private Path pem(String name, String type, byte[] content) throws IOException {
        String text = Base64.getMimeEncoder().encodeToString(content);
        return Files.writeString(
                folder.resolve(name + ".pem"),
                "-----BEGIN " + type + "-----\n" + text + "\n-----END " + type + "-----\n");
    }
}
