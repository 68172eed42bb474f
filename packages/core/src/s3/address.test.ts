import { describe, expect, test } from "vitest";
import { formatS3Address, isS3Address, parseS3Address } from "./address.ts";

describe("the address of a bucket", () => {
  test("names bucket, folder, endpoint, region and addressing", () => {
    expect(
      parseS3Address(
        "s3://my-vault/念存/a b?endpoint=https://s3.example.org:9000&region=cn-1&addressing=virtual",
      ),
    ).toEqual({
      endpoint: "https://s3.example.org:9000",
      region: "cn-1",
      bucket: "my-vault",
      prefix: "念存/a b/",
      isVirtual: true,
    });
  });

  test("needs the bucket alone: then it lies with Amazon", () => {
    expect(parseS3Address("s3://my-vault")).toEqual({
      endpoint: "https://s3.us-east-1.amazonaws.com",
      region: "us-east-1",
      bucket: "my-vault",
      prefix: "",
      isVirtual: true,
    });
    expect(parseS3Address("s3://my-vault/?region=cn-north-1")).toMatchObject({
      endpoint: "https://s3.cn-north-1.amazonaws.com.cn",
      isVirtual: true,
    });
  });

  test("puts the bucket where the service looks for it", () => {
    const isVirtual = (endpoint: string): boolean =>
      parseS3Address(`s3://my-vault?endpoint=${endpoint}`).isVirtual;
    expect(isVirtual("https://s3.example.org")).toBe(false);
    expect(isVirtual("https://s3.oss-cn-hangzhou.aliyuncs.com")).toBe(true);
    expect(isVirtual("https://cos.ap-beijing.myqcloud.com")).toBe(true);
  });

  test("is written down in one way, and read back as the same", () => {
    const ways = [
      "s3://my-vault/a/b/?region=r&endpoint=https://s3.example.org/",
      "s3://my-vault/a/b?endpoint=https%3A%2F%2Fs3.example.org&region=r&addressing=path",
      "s3://my-vault/a/b?endpoint=HTTPS://S3.EXAMPLE.ORG:443&region=r",
    ];
    const written = new Set(ways.map((way) => formatS3Address(parseS3Address(way))));
    expect([...written]).toEqual([
      "s3://my-vault/a/b?endpoint=https://s3.example.org&region=r&addressing=path",
    ]);
    for (const one of written) expect(formatS3Address(parseS3Address(one))).toBe(one);
  });

  test("may go without TLS on this machine and in the house, and nowhere else", () => {
    const near = [
      "127.0.0.1:80",
      "localhost:9000",
      "[::1]:9000",
      "192.168.1.9:9000",
      "10.0.0.2",
      "nas",
      "nas.local",
    ];
    for (const host of near)
      expect(parseS3Address(`s3://my-vault?endpoint=http://${host}`).endpoint).toMatch(/^http:/);
    for (const host of ["s3.example.org", "8.8.8.8", "172.32.0.1", "11.0.0.1", "10.example.org"])
      expect(() => parseS3Address(`s3://my-vault?endpoint=http://${host}`)).toThrow(
        expect.objectContaining({ code: "store.bad-address" }),
      );
  });

  test.each([
    "s3://",
    "s3:///folder",
    "s3://My_Vault",
    "s3://ab",
    "s3://my-vault/../other",
    "s3://my-vault/a//b",
    "s3://my-vault/./a",
    "s3://my-vault/a\nb",
    `s3://my-vault/${"念".repeat(301)}`,
    "s3://key:secret@my-vault",
    "s3://my-vault?endpoint=https://key:secret@s3.example.org",
    "s3://my-vault?endpoint=https://s3.example.org/path",
    "s3://my-vault?endpoint=ftp://s3.example.org",
    "s3://my-vault?endpoint=s3.example.org",
    "s3://my-vault?endpoint=https://a.org&endpoint=https://b.org",
    "s3://my-vault?secret=x",
    "s3://my-vault?region=a%2Fb",
    "s3://my-vault?region=",
    "s3://my-vault?addressing=both",
    "s3://my-vault#x",
  ])("is refused: %s", (text) => {
    expect(isS3Address(text)).toBe(true);
    expect(() => parseS3Address(text)).toThrow(expect.objectContaining({ code: "store.bad-address" }));
  });
});
