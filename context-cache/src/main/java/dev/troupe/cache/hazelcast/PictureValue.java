package dev.troupe.cache.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.DataSerializable;
import dev.troupe.cache.picture.JournaledPicture;
import java.io.IOException;

/** An order as it lies in memory on the member that has it; bytes only when it moves to another. */
final class PictureValue implements DataSerializable {
    private JournaledPicture picture;

    /** For Hazelcast. */
    PictureValue() {}

    PictureValue(JournaledPicture picture) {
        this.picture = picture;
    }

    JournaledPicture picture() {
        return picture;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeByteArray(PictureWire.encode(fields -> PictureWire.write(fields, picture)));
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        picture = PictureWire.decode(in.readByteArray(), PictureWire::picture);
    }
}
