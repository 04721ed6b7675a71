package dev.troupe.router.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.router.SelfSigned;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsIdentityTest {
    @TempDir
    private Path folder;

    @Test
    void certificateOfEachKindOfKeyIsRead() throws Exception {
        for (String algorithm : List.of("RSA", "EC", "Ed25519")) {
            TlsFiles files = SelfSigned.make(folder, algorithm, algorithm);

            TlsIdentity read = TlsIdentity.read(files);

            assertThat(read.chain()).singleElement().satisfies(certificate -> assertThat(
                            certificate.getSubjectX500Principal().getName())
                    .isEqualTo("CN=" + algorithm));
            assertThat(read.expires()).isBefore(Instant.now().plus(Duration.ofDays(3)));
            assertThat(read.newer(files)).isEmpty();
        }
    }

    @Test
    void chainKeepsItsOrder() throws Exception {
        TlsFiles one = SelfSigned.make(folder, "one", "EC");
        TlsFiles two = SelfSigned.make(folder, "two", "EC");
        Path both = Files.writeString(
                folder.resolve("both.pem"),
                "some words before\n" + Files.readString(one.certificate()) + Files.readString(two.certificate()));

        assertThat(TlsIdentity.read(new TlsFiles(both, one.key())).chain()).hasSize(2);
        // The first is the server's own.
        assertThatThrownBy(() -> TlsIdentity.read(new TlsFiles(both, two.key())))
                .hasMessageContaining("not that of");
    }

    @Test
    void keyOfAnotherCertificateIsRefused() throws Exception {
        TlsFiles one = SelfSigned.make(folder, "one", "RSA");
        TlsFiles same = SelfSigned.make(folder, "same", "RSA");
        TlsFiles other = SelfSigned.make(folder, "other", "EC");

        for (TlsFiles wrong : List.of(same, other)) {
            assertThatThrownBy(() -> TlsIdentity.read(new TlsFiles(one.certificate(), wrong.key())))
                    .isInstanceOf(TlsException.class)
                    .hasMessageContaining(wrong.key().toString());
        }
        assertThatThrownBy(() -> TlsIdentity.read(one).newer(new TlsFiles(one.certificate(), same.key())))
                .isInstanceOf(TlsException.class);
    }

    @Test
    void brokenFilesAreToldByNameWithoutWhatStandsInThem() throws Exception {
        TlsFiles good = SelfSigned.make(folder, "good", "EC");
        String key = Files.readString(good.key());
        for (String wrong : List.of(
                "",
                "SECRET",
                key.substring(0, key.length() / 2),
                key.replace("PRIVATE KEY", "EC PRIVATE KEY"),
                "-----BEGIN PRIVATE KEY-----\nSECRET==\n-----END PRIVATE KEY-----\n")) {
            Path file = Files.writeString(folder.resolve("wrong.pem"), wrong);

            assertThatThrownBy(() -> TlsIdentity.read(new TlsFiles(good.certificate(), file)))
                    .as(wrong)
                    .isInstanceOf(TlsException.class)
                    .hasMessageContaining(file.toString())
                    .hasMessageNotContaining("SECRET")
                    .hasNoCause();
            assertThatThrownBy(() -> TlsIdentity.read(new TlsFiles(file, good.key())))
                    .as(wrong)
                    .isInstanceOf(TlsException.class)
                    .hasMessageContaining(file.toString());
        }
        assertThatThrownBy(() -> TlsIdentity.read(new TlsFiles(folder.resolve("nowhere"), good.key())))
                .isInstanceOf(TlsException.class)
                .hasMessageContaining("nowhere");
    }
}
