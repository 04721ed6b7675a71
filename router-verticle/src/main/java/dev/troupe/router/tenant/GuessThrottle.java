package dev.troupe.router.tenant;

import io.netty.util.NetUtil;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts wrong keys by the address that they come from; of IPv6 by the 64 bits that a provider gives a customer. A good key is never held up: its 256 random bits cannot be guessed, and others
 * may share the address with whoever tries.
 */
final class GuessThrottle {
    /** Wrong keys of an address before it is held up. */
    static final int BURST = 20;
    /** After which one more is allowed. */
    static final long MILLIS_EACH = 3_000;
    /** Addresses that are remembered at most; the longest silent is forgotten first. */
    static final int MOST_ADDRESSES = 10_000;

    private final Map<String, Guesses> byAddress = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Guesses> eldest) {
            return size() > MOST_ADDRESSES;
        }
    };

    /**
     * A bucket that every guess takes from.
     *
     * @param left at {@code at}
     */
    private record Guesses(double left, long at) {
        Guesses at(long now) {
            double refilled = Math.min(BURST, left + (double) Math.max(0, now - at) / MILLIS_EACH);
            return new Guesses(refilled, now);
        }
    }

    /**
     * Somebody has tried a wrong key.
     *
     * @return milliseconds until the next try is listened to; 0: at once
     */
    long wrong(String address, long now) {
        String customer = customer(address);
        Guesses guesses =
                byAddress.getOrDefault(customer, new Guesses(BURST, now)).at(now);
        double left = Math.max(0, guesses.left() - 1);
        byAddress.put(customer, new Guesses(left, now));
        return guesses.left() >= 1 ? 0 : (long) Math.ceil((1 - guesses.left()) * MILLIS_EACH);
    }

    private static String customer(String address) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        boolean isWide = bytes != null && bytes.length == 16 && !isIpv4(bytes);
        return isWide ? HexFormat.of().formatHex(bytes, 0, 8) : address;
    }

    /** As a socket of both families shows it, ::ffff:192.0.2.1; all of them have the same first 64 bits. */
    private static boolean isIpv4(byte[] bytes) {
        byte[] prefix = new byte[12];
        prefix[10] = (byte) 0xff;
        prefix[11] = (byte) 0xff;
        return Arrays.equals(bytes, 0, 12, prefix, 0, 12);
    }
}
