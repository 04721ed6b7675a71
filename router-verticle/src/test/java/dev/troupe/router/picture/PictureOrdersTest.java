package dev.troupe.router.picture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.cluster.picture.EncodedPicture;
import dev.troupe.cluster.picture.PictureOutput;
import dev.troupe.cluster.picture.PictureSource;
import dev.troupe.cluster.picture.PictureSpec;
import dev.troupe.cluster.picture.PictureType;
import dev.troupe.cluster.tenant.Priority;
import dev.troupe.cluster.tenant.Share;
import dev.troupe.router.api.ApiError;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PictureOrdersTest {
    private static final PictureOrder ORDER = new PictureOrder(
            "img_1",
            "t",
            Optional.of("key_1"),
            "weights",
            new Share(3, Priority.BATCH, OptionalLong.of(7)),
            new PictureSpec(
                    "m",
                    "a cat",
                    "a dog",
                    64,
                    32,
                    20,
                    7.5,
                    "euler",
                    -5,
                    Optional.of(new PictureSource(
                            new EncodedPicture(PictureType.PNG, new byte[] {1}), Optional.empty(), 0.5)),
                    PictureOutput.PNG,
                    2),
            new PictureOrder.Lineage(
                    "make it a cat",
                    Optional.of("img_0"),
                    Optional.of("conv_1"),
                    Optional.of(new PictureOrder.Origin("img_0", 0.1))),
            1700000000L);

    @Test
    void orderSurvivesTheJournalWhole() {
        assertThat(PictureOrders.order(PictureOrders.head(ORDER))).isEqualTo(ORDER);
        assertThat(PictureOrders.decode(PictureOrders.encode(ORDER)).spec().source())
                .as("the large part lies apart")
                .isEmpty();
    }

    @Test
    void bytesAreThoseOfThisVersion() {
        assertThat(HexFormat.of().formatHex(PictureOrders.encode(ORDER).toArray()))
                .isEqualTo("0105696d675f31017401056b65795f3107776569676874730302010701" + "6d05612063617405612064"
                        + "6f67402014"
                        + "0000000000001e40056575"
                        + "6c6572fbffffffffffffff0000640000020d6d616b652069742061206361740105"
                        + "696d675f300106636f6e765f310105696d675f309a9999999999b93f80e2cfaa06");
    }

    @Test
    void errorsAreToldAgainAsTheyWere() {
        ApiError rated = ApiError.rateLimited("Too many.\nPlease wait.", 7);
        ApiError internal = PictureErrors.killsWorkers();

        assertThat(PictureErrors.decode(PictureErrors.encode(rated))).isEqualTo(rated);
        assertThat(PictureErrors.decode(PictureErrors.encode(internal))).isEqualTo(internal);
        assertThat(PictureErrors.decode("torn").message()).isEqualTo("torn");
    }
}
