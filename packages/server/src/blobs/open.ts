import { join } from "node:path";
import { KeepsakeError } from "@keepsake/core/base";
import { parseS3Address } from "@keepsake/core/s3";
import type { Config } from "../config.ts";
import type { Blobs } from "./blobs.ts";
import { folderBlobs } from "./folder.ts";
import { s3Blobs } from "./s3.ts";

/** The place of objects that the configuration names. Throws `base.invalid`, `store.bad-address`. */
export function openBlobs(config: Config): Blobs {
  const { objects, data, s3AccessKeyId: accessKeyId, s3SecretAccessKey: secretAccessKey } = config;
  if (objects === "") return folderBlobs(join(data, "objects"));
  if (accessKeyId === "" || secretAccessKey === "")
    throw new KeepsakeError("base.invalid", { details: { name: "KEEPSAKE_S3_ACCESS_KEY_ID" } });
  return s3Blobs({ ...parseS3Address(objects), credentials: { accessKeyId, secretAccessKey } });
}
