"""Django's model fields and constraints, with definitions, and without their words in migrations.

Labels, definitions, help texts and messages change nothing in the database, and neither does what
only forms check, so a migration states none of it and rewording it makes none. Each class here is
named like Django's own and takes the same arguments; in a migration it is Django's own.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Func, Q, Value
from django.db.models.functions import Substr
from django.db.models.lookups import Exact

from cases.text.form_fields import AddressField, LineField, ProseField
from cases.text.form_fields import SlugField as SlugFormField
from cases.text.normalising import normalised, normalised_names

if TYPE_CHECKING:
    from .vocabulary import Vocabulary

_Set = TypeVar("_Set", contravariant=True)
_Get = TypeVar("_Get", covariant=True)
_To = TypeVar("_To", bound=models.Model)
_Through = TypeVar("_Through", bound=models.Model)

NOT_IN_MIGRATIONS = {
    "verbose_name",
    "help_text",
    "error_messages",
    "choices",
    "limit_choices_to",
    "validators",
    "editable",
}
"""The arguments of a field that only readers and forms use."""


class Described:
    """Mixin: a model field with a `definition`, which says to readers what its values mean.

    Where several models inherit a field, each can define it in its own way, in a class attribute
    `INHERITED_DEFINITIONS` that maps names of fields to definitions. A field with a `vocabulary`
    has its words as choices, and their meanings as help text.
    """

    model: type[models.Model]
    name: str
    choices: Any
    help_text: Any

    def __init__(
        self,
        *args: Any,
        definition: str = "",
        vocabulary: type[Vocabulary] | None = None,
        **kwargs: Any,
    ) -> None:
        self._definition, self.vocabulary = definition, vocabulary
        if vocabulary is not None:
            kwargs |= {"choices": vocabulary.choices, "help_text": vocabulary.help_text()}
        super().__init__(*args, **kwargs)

    @property
    def own_definition(self) -> str:
        """The definition that the model gives to this field, "" if it gives none."""
        inherited: dict[str, str] = getattr(self.model, "INHERITED_DEFINITIONS", {})
        return inherited.get(self.name, self._definition)

    @property
    def definition(self) -> str:
        """What the field means to a reader: its own definition, or else its help text.

        The help text of a coded field lists terms and defines nothing.
        """
        return self.own_definition or ("" if self.choices else str(self.help_text))

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Return what migrations state: Django's own field, and only what the database needs."""
        name, _, args, kwargs = super().deconstruct()  # type: ignore[misc]  # of the field
        stated = {key: value for key, value in kwargs.items() if key not in NOT_IN_MIGRATIONS}
        return name, _path_in_django(type(self)), args, stated


class Normalised:
    """Mixin: a text that is stored in one form, whatever way it comes in: see `normalised()`.

    Forms, validation, `save()`, fixtures and updates of many rows all pass through here.
    """

    one_line = True
    form_class: type[forms.Field] = LineField
    attname: str

    def normalise(self, value: Any) -> Any:
        """Return a value as it is stored."""
        return normalised(value, one_line=self.one_line) if isinstance(value, str) else value

    def clean(self, raw_value: Any, model_instance: models.Model | None) -> Any:
        return super().clean(self.normalise(raw_value), model_instance)  # type: ignore[misc]  # of the field

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.normalise(super().pre_save(model_instance, add))  # type: ignore[misc]  # of the field
        setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        # The only method that `loaddata` and `update()` call too.
        return super().get_db_prep_save(self.normalise(value), connection)  # type: ignore[misc]  # of the field

    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        kwargs.setdefault("form_class", self.form_class)
        return super().formfield(*args, **kwargs)  # type: ignore[misc]  # of the field


class Derived:
    """Mixin: a field whose value is derived from other columns on every save."""

    attname: str

    def derived(self, instance: models.Model) -> Any:
        """Return the value of this column that follows from the others."""
        raise NotImplementedError

    def derive(self, instance: models.Model) -> Any:
        """Set this column on `instance`, and return its value."""
        value = self.derived(instance)
        setattr(instance, self.attname, value)
        return value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        return self.derive(model_instance)

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = False, **kwargs: Any
    ) -> None:
        super().contribute_to_class(cls, name, private_only=private_only, **kwargs)  # type: ignore[misc]  # of the field
        if not cls._meta.abstract and cls.__module__ != "__fake__":
            # `loaddata` saves raw, which skips Field.pre_save; the signal is sent all the same.
            models.signals.pre_save.connect(self._on_pre_save, sender=cls, weak=False)

    def _on_pre_save(self, instance: models.Model, **kwargs: Any) -> None:
        self.derive(instance)


class Wordless(models.BaseConstraint):
    """Mixin: a constraint whose message is not stated in migrations."""

    def deconstruct(self) -> tuple[str, Any, dict[str, Any]]:
        """Return what migrations state: Django's own constraint, without its message."""
        _, args, kwargs = super().deconstruct()
        kwargs.pop("violation_error_message", None)
        return _path_in_django(type(self)), args, kwargs

    def clone(self) -> Self:
        """Return a copy that has the message too: a model works with clones of its constraints."""
        return copy.copy(self)

    def __eq__(self, other: object) -> bool:
        """Compare what migrations state, so that the constraint there is equal, without message."""
        if not isinstance(other, models.BaseConstraint):
            return NotImplemented
        return self.deconstruct() == other.deconstruct()


def _path_in_django(described: type) -> str:
    """Return the path of Django's own class that `described` is derived from most directly."""
    nearest = next(each for each in described.__mro__ if each.__module__.startswith("django."))
    return f"django.db.models.{nearest.__name__}"


class CheckConstraint(Wordless, models.CheckConstraint):
    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Name the columns of the rule in an error too, as Django does for unique ones.

        Forms show it there.
        """
        try:
            super().validate(*args, **kwargs)
        except ValidationError as error:
            error.params = {"columns": Q(self.condition).referenced_base_fields}
            raise


def only_digits_from(field: str, position: int) -> Q:
    """Return the condition that a text has only the digits 0 to 9 from a position on, the first 1.

    It says so without a regular expression, for which Django gives SQLite a function. In a
    constraint it would keep `sqlite3` from checking or dumping the file.
    """
    rest = Func(Substr(field, position), Value("0123456789"), function="LTRIM")
    return Q(Exact(rest, Value("")))


class UniqueConstraint(Wordless, models.UniqueConstraint): ...


class BigIntegerField(Described, models.BigIntegerField[_Set, _Get]): ...


class BinaryField(Described, models.BinaryField[_Set, _Get]): ...


class BooleanField(Described, models.BooleanField[_Set, _Get]): ...


class CharField(Described, Normalised, models.CharField[_Set, _Get]): ...


class DateField(Described, models.DateField[_Set, _Get]): ...


class DateTimeField(Described, models.DateTimeField[_Set, _Get]): ...


class ForeignKey(Described, models.ForeignKey[_Set, _Get]): ...


class JSONField(Described, models.JSONField[_Set, _Get]): ...


class OneToOneField(Described, models.OneToOneField[_Set, _Get]): ...


class PositiveBigIntegerField(Described, models.PositiveBigIntegerField[_Set, _Get]): ...


class PositiveIntegerField(Described, models.PositiveIntegerField[_Set, _Get]): ...


class PositiveSmallIntegerField(Described, models.PositiveSmallIntegerField[_Set, _Get]): ...


class SlugField(Described, Normalised, models.SlugField[_Set, _Get]):
    form_class = SlugFormField


class TextField(Described, Normalised, models.TextField[_Set, _Get]):
    one_line = False
    form_class = ProseField


class URLField(Described, Normalised, models.URLField[_Set, _Get]):
    form_class = AddressField


class NamesField(Described, Normalised, models.JSONField[_Set, _Get]):
    """A list of names, each in one line."""

    def normalise(self, value: Any) -> Any:
        is_list = isinstance(value, list) and all(isinstance(name, str) for name in value)
        return normalised_names(value) if is_list else value

    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        return models.JSONField.formfield(self, *args, **kwargs)


class ManyToManyField(Described, models.ManyToManyField[_To, _Through]):
    # mypy finds the other model by the name of this argument.
    def __init__(self, to: type[_To] | str, **kwargs: Any) -> None:
        super().__init__(to, **kwargs)
