import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Paths of PEM files made for one test. */
export interface TestCertificates {
  authority: string;
  otherAuthority: string;
  server: { certificate: string; key: string };
  client: { certificate: string; key: string };
  /** A server certificate for the name localhost, but not for its IP address. */
  localhost: { certificate: string; key: string };
}

function openssl(folder: string, ...parameters: string[]): void {
  execFileSync("openssl", parameters, { cwd: folder, stdio: "pipe" });
}

/** Whether the openssl command, which makes the certificates, is on this machine. */
export function hasOpenssl(): boolean {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

function makeAuthority(folder: string, name: string): string {
  const request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const subject = ["-subj", `/CN=${name}`, "-days", "2"];
  openssl(folder, ...request, ...subject, "-keyout", `${name}.key`, "-out", `${name}.pem`);
  return join(folder, `${name}.pem`);
}

function makeLeaf(folder: string, name: string, names: string): { certificate: string; key: string } {
  const request = ["req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl(folder, ...request, "-subj", `/CN=${name}`, "-keyout", `${name}.key`, "-out", `${name}.csr`);
  writeFileSync(
    join(folder, `${name}.ext`),
    `subjectAltName=${names}\nextendedKeyUsage=serverAuth,clientAuth\n`,
  );
  const sign = ["x509", "-req", "-in", `${name}.csr`, "-CA", "authority.pem", "-CAkey", "authority.key"];
  openssl(folder, ...sign, "-CAcreateserial", "-days", "2", "-extfile", `${name}.ext`, "-out", `${name}.pem`);
  return { certificate: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
}

/** Makes an authority, a second one that signed nothing, and certificates for 127.0.0.1, a client and localhost. */
export function makeCertificates(folder: string): TestCertificates {
  return {
    authority: makeAuthority(folder, "authority"),
    otherAuthority: makeAuthority(folder, "other"),
    server: makeLeaf(folder, "server", "IP:127.0.0.1"),
    client: makeLeaf(folder, "client", "email:operator@example.test"),
    localhost: makeLeaf(folder, "localhost", "DNS:localhost"),
  };
}
