"""The environment, read once; what is wrong with it stops the start with a sentence naming the variable."""

import os
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict
from slack_sdk import WebClient
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import UserError
from bot.proof.seal import Keys

OWN_PREFIX = "IMPROVE_BOT_"
SHORTEST_KEY = 32
DATABASE_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


def _database_url(text: str) -> str:
    try:
        address = make_url(text)
    except ArgumentError:
        raise PydanticCustomError("database", "database") from None
    driver = DATABASE_DRIVERS.get(address.drivername.partition("+")[0])
    if driver is None or not address.database:
        raise PydanticCustomError("database", "database")
    if driver.endswith("psycopg") and find_spec("psycopg") is None:
        raise PydanticCustomError("driver", "driver")
    return address.set(drivername=driver).render_as_string(hide_password=False)


def _web_address(text: str) -> str:
    address = urlsplit(text)
    if address.scheme not in ("http", "https") or not address.netloc:
        raise PydanticCustomError("address", "address")
    return text.rstrip("/") + "/"


def _folder(path: Path) -> Path:
    if not path.is_dir():
        raise PydanticCustomError("folder", "folder")
    return path


def _begins(prefix: str) -> AfterValidator:
    def check(token: SecretStr) -> SecretStr:
        if not token.get_secret_value().startswith(prefix):
            raise PydanticCustomError("token", "token", {"prefix": prefix})
        return token

    return AfterValidator(check)


def _keys(text: SecretStr) -> SecretStr:
    if any(len(key) < SHORTEST_KEY for key in text.get_secret_value().split()):
        raise PydanticCustomError("key", "key", {"n": SHORTEST_KEY})
    return text


def _with_extra(port: int) -> int:
    if find_spec("prometheus_client") is None:
        raise PydanticCustomError("metrics", "metrics")
    return port


DatabaseUrl = Annotated[str, AfterValidator(_database_url)]
LogStyle = Literal["json", "text", "debug"]
WebAddress = Annotated[str, AfterValidator(_web_address)]


class Settings(BaseSettings):
    """Where Slack and the database are, and the secrets of both.

    `port` chooses HTTP instead of Socket Mode. `time_url` is the local workspace whose simulated time the
    process lives in. Templates in the folder `templates` win over ours. `log` "debug" shows stack traces too.
    `head_key` signs the heads over all histories; keys it has replaced stand behind it, with a blank between.
    `metrics_port` serves what Prometheus fetches, on this machine alone unless `metrics_host` says otherwise.
    """

    model_config = SettingsConfigDict(
        env_prefix=OWN_PREFIX, populate_by_name=True, env_ignore_empty=True, frozen=True, extra="forbid"
    )

    slack_bot_token: Annotated[SecretStr, _begins("xoxb-")] | None = Field(
        default=None, validation_alias="SLACK_BOT_TOKEN"
    )
    slack_app_token: Annotated[SecretStr, _begins("xapp-")] | None = Field(
        default=None, validation_alias="SLACK_APP_TOKEN"
    )
    slack_signing_secret: SecretStr | None = Field(default=None, validation_alias="SLACK_SIGNING_SECRET")
    port: Annotated[int, Field(ge=1, le=65535)] | None = Field(default=None, validation_alias="PORT")
    database_url: DatabaseUrl = Field(default="sqlite:///improve-bot.db", validation_alias="DATABASE_URL", repr=False)
    slack_url: WebAddress = WebClient.BASE_URL
    time_url: WebAddress | None = None
    templates: Annotated[Path, AfterValidator(_folder)] | None = None
    log: LogStyle = "json"
    metrics_port: Annotated[int, Field(ge=1, le=65535), AfterValidator(_with_extra)] | None = None
    metrics_host: str = "127.0.0.1"
    head_key: Annotated[SecretStr, AfterValidator(_keys)] | None = None

    @property
    def bot_token(self) -> str:
        """The token of the Web API; raises `UserError` naming the variable if it is not set."""
        return _needed(self.slack_bot_token, "SLACK_BOT_TOKEN")

    @property
    def app_token(self) -> str:
        """The token of Socket Mode; raises `UserError` naming the variable if it is not set."""
        return _needed(self.slack_app_token, "SLACK_APP_TOKEN")

    @property
    def signing_secret(self) -> str:
        """What proves in HTTP mode that Slack is asking; raises `UserError` if it is not set."""
        return _needed(self.slack_signing_secret, "SLACK_SIGNING_SECRET")

    @property
    def head_keys(self) -> Keys:
        """What signs the heads over all histories; nothing where no key is set."""
        return Keys.read(self.head_key.get_secret_value() if self.head_key else "")

    def check_secrets(self) -> None:
        """Raise `UserError` naming the first secret that is missing for running, before anything is begun."""
        _ = (self.bot_token, self.signing_secret if self.port else self.app_token)


def read(database_url: str | None = None) -> Settings:
    """The settings in the environment, with another database if one is given.

    Raises `UserError` naming the first variable that is wrong.
    """
    _refuse_unknown_names()
    try:
        return Settings(database_url=database_url) if database_url else Settings()
    except ValidationError as error:
        raise _first_fault(error) from None


def variables() -> dict[str, str]:
    """The environment variable of each setting."""
    return {
        name: str(field.validation_alias or f"{OWN_PREFIX}{name.upper()}")
        for name, field in Settings.model_fields.items()
    }


def _needed(secret: SecretStr | None, variable: str) -> str:
    if secret is None:
        raise UserError("settings.missing", name=variable)
    return secret.get_secret_value()


def _refuse_unknown_names() -> None:
    known = [name for name in variables().values() if name.startswith(OWN_PREFIX)]
    for name in sorted(os.environ):
        if name.upper().startswith(OWN_PREFIX) and name.upper() not in known:
            nearest = get_close_matches(name.upper(), known, n=1) or known
            raise UserError("settings.unknown", name=name, known=nearest)


def _first_fault(error: ValidationError) -> UserError:
    fault: Any = error.errors()[0]
    place = str(fault["loc"][0])
    name = variables().get(place, place)
    kind = fault["type"]
    if kind in ("database", "driver", "address", "folder", "token", "key", "metrics"):
        return UserError(f"settings.bad_{kind}", name=name, **fault.get("ctx", {}))
    if kind == "literal_error":
        return UserError("settings.bad_choice", name=name, allowed=list(get_args(LogStyle)))
    return UserError("settings.bad_port", name=name)
