import { expect, test } from "vitest";
import { testCiphers } from "../../testing/primitives.ts";
import { bytesToHex, hexToBytes, textToBytes, type Bytes } from "./bytes.ts";

/* Against published values: Node and Chromium each run this. */
const ciphers = await testCiphers();
const hex = (digits: string): Bytes => hexToBytes(digits)!;

test("PBKDF2 gives the values of RFC 6070 and their like for SHA-256", async () => {
  const [password, salt] = [textToBytes("password"), textToBytes("salt")];
  const sha1 = bytesToHex(await ciphers.pbkdf2("sha1", password, salt, 4096));
  expect(sha1.slice(0, 40)).toBe("4b007901b765489abead49d926f721d065a429c1");
  expect(bytesToHex(await ciphers.pbkdf2("sha256", password, salt, 4096))).toBe(
    "c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a",
  );
  expect(bytesToHex(await ciphers.pbkdf2("sha256", textToBytes(""), salt, 1))).toMatch(/^[0-9a-f]{64}$/);
});

test("a wrapped key of RFC 3394 opens with its key, and with no other", async () => {
  const key = hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  const wrapped = hex("28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21");
  const opened = "00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f";
  expect(bytesToHex((await ciphers.unwrapKey(key, wrapped))!)).toBe(opened);
  expect(
    await ciphers.unwrapKey(
      key.map((byte) => byte ^ 1),
      wrapped,
    ),
  ).toBeUndefined();
  expect(
    await ciphers.unwrapKey(
      key,
      wrapped.map((byte, i) => (i === 39 ? byte ^ 1 : byte)),
    ),
  ).toBeUndefined();
});

test("AES-256-CBC gives the values of SP 800-38A, from any block on, and leaves padding alone", async () => {
  const key = hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
  const iv = hex("000102030405060708090a0b0c0d0e0f");
  const sealed = hex(
    "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d" +
      "39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b",
  );
  const plain =
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51" +
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";
  expect(bytesToHex(await ciphers.decryptCbc(key, iv, sealed))).toBe(plain);
  expect(bytesToHex(await ciphers.decryptCbc(key, sealed.slice(16, 32), sealed.slice(32)))).toBe(
    plain.slice(64),
  );
  expect(await ciphers.decryptCbc(key, iv, new Uint8Array(0))).toEqual(new Uint8Array(0));
});
