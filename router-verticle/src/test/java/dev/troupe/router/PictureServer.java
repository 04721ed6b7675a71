package dev.troupe.router;

import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.router.picture.PictureConfig;
import dev.troupe.router.picture.PictureOrder;
import dev.troupe.router.tenant.Stores;
import dev.troupe.store.Database;
import dev.troupe.store.DatabaseConfig;
import dev.troupe.store.UsageWriter;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Optional;

/** A router whose pictures are always the same, to be tried with other people's clients: {@code e2e/pictures.sh URL}. Ends with its input. */
public final class PictureServer {
    private PictureServer() {}

    public static void main(String[] args) throws Exception {
        Database database = Database.open(
                DatabaseConfig.file(Files.createTempDirectory("pictures").resolve("db")));
        RouterFixture pool = new RouterFixture(
                16680,
                Access.LOOPBACK,
                Optional.of(Stores.of(database, new UsageWriter(database.usage(), 1_000))),
                PictureConfig.DEFAULT,
                library -> {
                    FakePictures pictures = new FakePictures(library);
                    pictures.painter = PictureServer::sample;
                    return pictures;
                });
        System.out.println(pool.uri(""));
        while (System.in.read() >= 0) {}
        pool.close();
    }

    private static EncodedPicture sample(PictureOrder order) {
        String name =
                switch (order.spec().output().type()) {
                    case PNG -> "rgb.png";
                    case JPEG -> "plain.jpg";
                    case WEBP -> "lossless.webp";
                };
        try (InputStream in = PictureServer.class.getResourceAsStream("pictures/" + name)) {
            return new EncodedPicture(order.spec().output().type(), in.readAllBytes());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
