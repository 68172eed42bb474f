/** Apple local backups, as Finder, iTunes and Apple Devices make them: files of one app out of them, only read. */
export { openBackup, type AppleBackup, type BackupFile } from "./backup.ts";
export { findBackups, wholeFile, type BackupInfo } from "./info.ts";
export { readKeyedArchive } from "./keyed-archive.ts";
