package dev.troupe.cache.hazelcast;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.ExtendedMapEntry;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.DataSerializable;
import dev.troupe.cache.picture.JournaledPicture;
import dev.troupe.cache.picture.PictureCommand;
import dev.troupe.cache.picture.PictureEntry;
import dev.troupe.cache.picture.PictureEntry.Verdict;
import dev.troupe.cluster.wire.WireReader;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A command that changes an order, done where it lies and again where its copy lies. */
final class PictureUpdate implements EntryProcessor<String, PictureValue, byte[]>, DataSerializable {
    private static final long serialVersionUID = 1;
    private static final long ENDS_KEPT_HOURS = 1;

    private transient PictureCommand command;

    /** For Hazelcast. */
    PictureUpdate() {}

    PictureUpdate(PictureCommand command) {
        this.command = command;
    }

    @Override
    public byte[] process(Map.Entry<String, PictureValue> entry) {
        Optional<JournaledPicture> before =
                Optional.ofNullable(entry.getValue()).map(PictureValue::picture);
        PictureEntry.Result result = PictureEntry.apply(before, command);
        if (result.verdict() == Verdict.DONE && !result.now().equals(before)) {
            put(entry, result.now());
        }
        return encode(result, tells(command));
    }

    private static void put(Map.Entry<String, PictureValue> entry, Optional<JournaledPicture> now) {
        if (now.isEmpty()) {
            entry.setValue(null);
        } else if (now.get().outcome().isPresent()) {
            ((ExtendedMapEntry<String, PictureValue>) entry)
                    .setValue(new PictureValue(now.get()), ENDS_KEPT_HOURS, TimeUnit.HOURS);
        } else {
            entry.setValue(new PictureValue(now.get()));
        }
    }

    /** An order can be large, and most who change it know it. */
    private static boolean tells(PictureCommand command) {
        return command instanceof PictureCommand.Cancel || command instanceof PictureCommand.TakeOver;
    }

    private static byte[] encode(PictureEntry.Result result, boolean whole) {
        return PictureWire.encode(out ->
                out.constant(result.verdict()).optional(whole ? result.now() : Optional.empty(), PictureWire::write));
    }

    static PictureEntry.Result result(WireReader in) {
        Verdict verdict = in.constant(Verdict.class);
        return new PictureEntry.Result(in.optional(PictureWire::picture), verdict);
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeByteArray(PictureWire.encode(fields -> PictureWire.write(fields, command)));
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        command = PictureWire.decode(in.readByteArray(), PictureWire::command);
    }
}
