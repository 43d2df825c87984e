"""Django's admin and form classes, subscriptable at run time as their types are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteMixin

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin, StackedInline, TabularInline
    from django.contrib.admin.options import BaseModelAdmin
    from django.forms import ModelForm, ModelMultipleChoiceField
    from django.forms.models import BaseInlineFormSet

    AnyModelAdmin = BaseModelAdmin[Any]
    Autocomplete = AutocompleteMixin
else:

    class _Subscriptable:
        def __class_getitem__(cls, item: object) -> type:
            return cls

    class ModelAdmin(_Subscriptable, admin.ModelAdmin):
        pass

    class StackedInline(_Subscriptable, admin.StackedInline):
        pass

    class TabularInline(_Subscriptable, admin.TabularInline):
        pass

    class ModelForm(_Subscriptable, forms.ModelForm):
        pass

    class ModelMultipleChoiceField(_Subscriptable, forms.ModelMultipleChoiceField):
        pass

    class BaseInlineFormSet(_Subscriptable, forms.BaseInlineFormSet):
        pass

    AnyModelAdmin = object
    Autocomplete = object

__all__ = [
    "AnyModelAdmin",
    "Autocomplete",
    "BaseInlineFormSet",
    "ModelAdmin",
    "ModelForm",
    "ModelMultipleChoiceField",
    "StackedInline",
    "TabularInline",
]
