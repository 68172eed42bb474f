/*
 * Pages that are loaded together, when one of them is opened first: taken one by one they would come as many small files.
 */
export { SettingsPage } from "./settings/settings-page.tsx";
export { FirstSource } from "./sources/first-source.tsx";
export { SourcesPage } from "./sources/sources-page.tsx";
export { StoragePage } from "./storage/storage-page.tsx";
export { TakeOutPage } from "./take-out/take-out-page.tsx";
export { VersionsPage } from "./versions/versions-page.tsx";
