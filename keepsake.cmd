@echo off
rem The Keepsake command line from a clone, on Windows.
node "%~dp0tools\run.mjs" cli %*
