package dev.troupe.image.codec;

import dev.troupe.cluster.picture.PictureSource;
import dev.troupe.cluster.picture.PictureSpec;

/**
 * What a file says of how its picture was made.
 *
 * @param parameters in the usual form of PNG files with a picture of diffusion: prompt, negative prompt, one line of settings
 */
public record Provenance(String parameters) {
    /** IPTC's word for what a trained model has made: {@code digitalSourceType} of the vocabulary at cv.iptc.org. */
    static final String SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";

    private static final int HASH_CHARS = 10;

    /** @param fingerprint of the weights */
    public static Provenance of(PictureSpec spec, String fingerprint) {
        StringBuilder text = new StringBuilder(spec.prompt());
        if (!spec.negativePrompt().isEmpty()) {
            text.append("\nNegative prompt: ").append(spec.negativePrompt());
        }
        text.append("\nSteps: ")
                .append(spec.steps())
                .append(", Sampler: ")
                .append(spec.sampler())
                .append(", CFG scale: ")
                .append(plain(spec.guidance()))
                .append(", Seed: ")
                .append(spec.seed())
                .append(", Size: ")
                .append(spec.width())
                .append('x')
                .append(spec.height())
                .append(", Model hash: ")
                .append(fingerprint, 0, Math.min(HASH_CHARS, fingerprint.length()))
                .append(", Model: ")
                .append(spec.modelId());
        spec.source().map(PictureSource::strength).ifPresent(strength -> text.append(", Denoising strength: ")
                .append(plain(strength)));
        return new Provenance(text.append(", Version: Troupe").toString());
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    /** @return a packet without the prompt, which is nobody's business in a JPEG that is passed on */
    String xmp() {
        return "<?xpacket begin=\"\uFEFF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>"
                + "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">"
                + "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
                + "<rdf:Description rdf:about=\"\""
                + " xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\""
                + " xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\""
                + " Iptc4xmpExt:DigitalSourceType=\"" + SOURCE_TYPE + "\""
                + " xmp:CreatorTool=\"Troupe\"/>"
                + "</rdf:RDF></x:xmpmeta><?xpacket end=\"r\"?>";
    }
}
