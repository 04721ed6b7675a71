package dev.troupe.store;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Secrets in SQL: of several that ask first at the same time one is heard. */
final class JdbcPoolSecrets implements PoolSecrets {
    private static final int BYTES = 32;
    private static final String INSERT = Statements.insert("pool_secret", "name, secret") + " on conflict do nothing";
    private static final String GET = "select secret from pool_secret where name = ?";

    private final Transactions transactions;
    private final SecureRandom random = new SecureRandom();

    JdbcPoolSecrets(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public byte[] secret(String name) {
        byte[] mine = new byte[BYTES];
        random.nextBytes(mine);
        String secret = transactions.run(connection -> {
            Statements.update(connection, INSERT, name, HexFormat.of().formatHex(mine));
            return Statements.one(connection, GET, row -> row.getString("secret"), name);
        });
        return HexFormat.of().parseHex(secret);
    }
}
