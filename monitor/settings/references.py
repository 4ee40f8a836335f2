"""Resolves `env:NAME`, `file:PATH` and `credential:NAME`, so that no secret needs to stand in the configuration.

Whole values only. Errors name the reference, never what it stands for.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from monitor.settings.schema import text
from monitor.settings.tree import Node

_MAX_BYTES = 65_536
_REFERENCE = re.compile(r"(env|file|credential):(?!//)(.+)")
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_CREDENTIAL = re.compile(r"[\w.-]+", re.ASCII)


def is_reference(value: str) -> bool:
    """Tell whether a text stands for a secret kept elsewhere."""
    return bool(_REFERENCE.fullmatch(value))


class References:
    """Reads texts that may be references, and remembers what they stood for."""

    def __init__(self, folder: Path, environ: Mapping[str, str]) -> None:
        self._folder, self._environ = folder, environ
        self.secrets: list[str] = []
        self.files: list[Path] = []

    def text(self, node: Node) -> str:
        """Read a text, or what it refers to.

        Raises:
            ConfigError: the variable, file or credential is missing, empty or open to others.
        """
        value = text(node)
        if not (found := _REFERENCE.fullmatch(value)):
            return value
        secret = self._resolve(node, found[1], found[2])
        if not secret:
            raise node.error(f"{value} is empty")
        self.hide(secret)
        return secret

    def hide(self, secret: str) -> None:
        """Remember a text that must never be shown; of an address also its password and its path."""
        self.secrets.append(secret)
        if "://" in secret:
            self.secrets.extend(_parts(secret))

    def _resolve(self, node: Node, kind: str, name: str) -> str:
        if kind == "env":
            return self._variable(node, name)
        return self._file(node, name) if kind == "file" else self._credential(node, name)

    def _variable(self, node: Node, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise node.error(f"{name!r} is not the name of an environment variable", "for example env:MAIL_PASSWORD")
        if (value := self._environ.get(name)) is None:
            raise node.error(f"the environment variable {name} is not set", f"export {name}=…, or set it in the unit")
        return value

    def _file(self, node: Node, name: str) -> str:
        return self._read(node, self._folder / Path(name).expanduser())

    def _credential(self, node: Node, name: str) -> str:
        folder = self._environ.get("CREDENTIALS_DIRECTORY", "")
        if not _CREDENTIAL.fullmatch(name) or name in {".", ".."}:
            raise node.error(f"{name!r} is not the name of a credential", "for example credential:mail-password")
        if not folder or not (path := Path(folder) / name).is_file():
            raise node.error(f"there is no credential {name}", f"add LoadCredential={name}:/path to the systemd unit")
        return self._read(node, path, is_ours=False)

    def _read(self, node: Node, path: Path, *, is_ours: bool = True) -> str:
        self.files.append(path)
        try:
            mode = path.stat().st_mode
            if not stat.S_ISREG(mode):
                raise node.error(f"{path} is not a file", "name the file that holds the secret alone")
            if is_ours and mode & 0o077:
                raise node.error(f"{path} can be read by others", f"run: chmod 600 {path}")
            with path.open("rb") as stream:
                raw = stream.read(_MAX_BYTES + 1)
            value = raw.decode("utf-8").rstrip("\r\n")
        except OSError as error:
            raise node.error(f"{path} cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise node.error(f"{path} is not UTF-8 text") from None
        if len(raw) > _MAX_BYTES:
            raise node.error(f"{path} is larger than {_MAX_BYTES} bytes", "name the file that holds the secret alone")
        return value


def _parts(url: str) -> list[str]:
    try:
        parts = urlsplit(url)
        password = parts.password or ""
    except ValueError:
        return []
    # Libraries log a path without its host. Short texts would mask common words.
    tail = parts.path + (f"?{parts.query}" if parts.query else "")
    return [part for part in dict.fromkeys((password, unquote(password), tail, parts.path)) if len(part) >= 8]
