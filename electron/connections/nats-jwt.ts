import { z } from "zod";

const headerSchema = z.object({
  typ: z.string().regex(/^jwt$/i),
  /** The second version of the claims, and the first. */
  alg: z.enum(["ed25519-nkey", "ed25519"]),
});

/** A user's claims in both versions, which keep the type in different places. */
const claimsSchema = z
  .object({
    sub: z.string().regex(/^U[A-Z2-7]{55}$/),
    iss: z.string().regex(/^A[A-Z2-7]{55}$/),
    type: z.string().optional(),
    nats: z.looseObject({ type: z.string().optional() }),
  })
  .refine(({ type, nats }) => (nats.type ?? type) === "user");

const largestJwt = 65_536;

/** Whether a text is the JWT of a NATS user by its shape; who signed it, the server says. */
export function isUserJwt(text: string): boolean {
  const match = /^([\w-]+)\.([\w-]+)\.([\w-]{86})$/.exec(text);
  if (!match || text.length > largestJwt) return false;
  return (
    headerSchema.safeParse(decoded(match[1])).success && claimsSchema.safeParse(decoded(match[2])).success
  );
}

function decoded(part = ""): unknown {
  try {
    return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}
