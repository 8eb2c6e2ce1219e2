import { z } from "zod";

/** An HTTP server's address, maybe with a path; who calls is said elsewhere, never in the address. */
export const httpAddressSchema = z
  .string()
  .trim()
  .regex(
    /^https?:\/\/[^\s/@?#]+(\/[^\s?#@]*)?$/,
    "write http:// or https://, host:port and maybe a path, without user or password",
  );
