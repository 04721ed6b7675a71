package dev.troupe.device;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The bytes of a TorchScript archive with one class {@code __torch__.M}, written without Python.
 *
 * <p>The archive is a zip of stored entries: {@code version}, an empty {@code constants.pkl}, the program text, and {@code
 * data.pkl}, the pickled object whose lists start empty and are filled by calling methods. The text is in the form
 * in which libtorch stores programs: dtypes are numbers (int8 1, int32 3, int64 4, float32 6, bfloat16 15), operators
 * outside {@code torch} are written {@code ops.namespace.name}. Constants are written {@code self.NAME} in capitals and become
 * literals here, so an {@code if} over one is decided when the program is loaded and costs nothing in a step.
 */
public final class TorchScriptArchive {
    private static final int BINUNICODE = 'X';
    private static final int REDUCE = 'R';
    private static final int EMPTY_LIST = ']';
    private static final int EMPTY_TUPLE = ')';
    private static final int TUPLE1 = 0x85;
    private static final int NEWOBJ = 0x81;
    private static final int NEWFALSE = 0x89;
    private static final int NONE = 'N';
    private static final int STOP = '.';
    private static final byte[] PROTOCOL_2 = {(byte) 0x80, 2};

    private static final Pattern CONSTANT = Pattern.compile("\\bself\\.([A-Z][A-Z0-9_]*)\\b");

    private TorchScriptArchive() {}

    /**
     * Writes an archive.
     *
     * @param methods the methods of class {@code M}, indented by two spaces
     * @param constants name to {@link Long}, {@link Integer}, {@link Double} or {@link Boolean}; for {@code self.NAME}
     * @param tensorLists names of the attributes of type {@code List[Tensor]}
     * @param intLists names of the attributes of type {@code List[int]}
     */
    public static byte[] of(String methods, Map<String, ?> constants, List<String> tensorLists, List<String> intLists) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            store(zip, "data.pkl", pickle(tensorLists, intLists));
            store(
                    zip,
                    "code/__torch__.py",
                    source(methods, constants, tensorLists, intLists).getBytes(UTF_8));
            store(zip, "constants.pkl", new byte[] {PROTOCOL_2[0], PROTOCOL_2[1], EMPTY_TUPLE, STOP});
            store(zip, "version", "10\n".getBytes(US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static String source(
            String methods, Map<String, ?> constants, List<String> tensorLists, List<String> intLists) {
        var text = new StringBuilder("class M(Module):\n  __parameters__ = []\n  __buffers__ = []\n");
        text.append("  training : bool\n  _is_full_backward_hook : Optional[bool]\n");
        tensorLists.forEach(name -> text.append("  ").append(name).append(" : List[Tensor]\n"));
        intLists.forEach(name -> text.append("  ").append(name).append(" : List[int]\n"));
        return text.append(withLiterals(methods, constants)).toString();
    }

    private static String withLiterals(String methods, Map<String, ?> constants) {
        return CONSTANT.matcher(methods).replaceAll(use -> {
            String name = use.group(1);
            Object value = constants.get(name);
            if (value instanceof Boolean flag) {
                return flag ? "True" : "False";
            }
            if (value instanceof Integer
                    || value instanceof Long
                    || (value instanceof Double d && Double.isFinite(d))) {
                return value.toString();
            }
            throw new IllegalArgumentException(
                    "constant " + name + " = " + value + ": a program wants a finite number or a boolean");
        });
    }

    private static byte[] pickle(List<String> tensorLists, List<String> intLists) throws IOException {
        var out = new ByteArrayOutputStream();
        out.write(PROTOCOL_2);
        out.write("c__torch__\nM\n".getBytes(US_ASCII));
        out.write(EMPTY_TUPLE);
        out.write(NEWOBJ);
        out.write("}(".getBytes(US_ASCII)); // an empty dict, and a mark where its items begin
        string(out, "training");
        out.write(NEWFALSE);
        string(out, "_is_full_backward_hook");
        out.write(NONE);
        for (String name : tensorLists) {
            string(out, name);
            out.write("ctorch.jit._pickle\nbuild_tensorlist\n".getBytes(US_ASCII));
            out.write(EMPTY_LIST);
            out.write(TUPLE1);
            out.write(REDUCE);
        }
        for (String name : intLists) {
            string(out, name);
            out.write(EMPTY_LIST);
        }
        out.write("ub".getBytes(US_ASCII)); // set the items, build the object
        out.write(STOP);
        return out.toByteArray();
    }

    private static void string(ByteArrayOutputStream out, String value) throws IOException {
        byte[] utf8 = value.getBytes(UTF_8);
        out.write(BINUNICODE);
        out.write(new byte[] {(byte) utf8.length, (byte) (utf8.length >> 8), 0, 0}); // little-endian
        out.write(utf8);
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        var crc = new CRC32();
        crc.update(content);
        var entry = new ZipEntry("archive/" + name);
        entry.setMethod(ZipEntry.STORED); // libtorch reads stored entries only
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        entry.setCrc(crc.getValue());
        entry.setTime(0); // the same program gives the same bytes
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
