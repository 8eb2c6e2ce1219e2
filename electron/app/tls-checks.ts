// A variable of Node.js takes away the checks that a TLS address stands for, and with them what a secret was given for.
delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;

export {};
