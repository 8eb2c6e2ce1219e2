/**
 * Whatever this process and those that it starts write is for its owner alone. Imported for this effect, before everything
 * else, because an import may already write.
 */
process.umask(0o077);
