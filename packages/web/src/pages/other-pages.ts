/*
 * Pages that the first ones lead to, loaded together when one of them is opened: compressed as one they are smaller, and
 * whoever opened one has the others.
 */
export { LookBackPage } from "./look-back/look-back-page.tsx";
export { MediaPage } from "./media/media-page.tsx";
export { PeoplePage } from "./people/people-page.tsx";
export { SecurityPage } from "./security/security-page.tsx";
export { SettingsPage } from "./settings/settings-page.tsx";
export { FirstSource } from "./sources/first-source.tsx";
export { SourcesPage } from "./sources/sources-page.tsx";
export { StoragePage } from "./storage/storage-page.tsx";
export { TakeOutPage } from "./take-out/take-out-page.tsx";
export { VersionsPage } from "./versions/versions-page.tsx";
