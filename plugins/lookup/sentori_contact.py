# SPDX-FileCopyrightText: 2026 The sentori.sentori contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
---
name: sentori_contact
short_description: Look up contacts of Sentori in a template
version_added: 0.1.0
description:
  - Returns a contact, or one of its fields, by the address.
  - It runs on the controller, and sends one request for each contact. M(sentori.sentori.sentori_contact_info) reads many contacts at once.
author:
  - The sentori.sentori contributors (@sentori)
extends_documentation_fragment:
  - sentori.sentori.sentori.lookup
options:
  _terms:
    description:
      - The addresses.
    type: list
    elements: str
    required: true
  field:
    description:
      - The contact field to return instead of the whole contact.
    type: str
  default:
    description:
      - The value to return if no contact has the address. Without it the lookup fails.
    type: raw
seealso:
  - module: sentori.sentori.sentori_contact_info
"""

EXAMPLES = r"""
---
- name: Greet Ada by the name in Sentori
  ansible.builtin.debug:
    msg: "Dear {{ lookup('sentori.sentori.sentori_contact', 'ada.lovelace@example.com', field='FirstName') }}"

- name: Welcome an address without a contact
  ansible.builtin.debug:
    msg: Welcome
  when: not lookup('sentori.sentori.sentori_contact', 'newcomer@example.com', default={})
"""

RETURN = r"""
---
_raw:
  description: The contacts, each a mapping of contact fields to values, or the values of O(field), in the order of the addresses.
  type: list
  elements: raw
"""

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

from ..module_utils.core import addresses, errors, redaction
from ..module_utils.core.api.client import SentoriApi
from ..module_utils.core.fields import hint
from ..module_utils.core.http import library
from ..module_utils.core.http.settings import CONNECTION_OPTIONS, Settings
from ..module_utils.core.http.transport import Transport


class LookupModule(LookupBase):
    def run(self, terms, variables=None, **kwargs):
        self.set_options(var_options=self._templated(variables or {}), direct=kwargs)
        if library.IMPORT_ERROR is not None:
            raise AnsibleLookupError(
                "Install the Python library requests on the controller, in the environment of Ansible."
            )
        try:
            settings = self._settings()
            emails = [addresses.checked_address(term, f"term {number}") for number, term in enumerate(terms, 1)]
            with Transport(settings) as transport:
                found = [self._found(SentoriApi(transport), email) for email in emails]
        except errors.SentoriError as error:
            failure = str(error)
        else:
            return found
        # Outside of the handler, so that no exception with an address is attached to it.
        raise AnsibleLookupError(failure)

    def _templated(self, variables):
        """The variables of the connection, which may name others (``"{{ vault_key }}"``): a lookup gets them as written."""
        names = [f"sentori_{option}" for option in CONNECTION_OPTIONS]
        return {name: self._templar.template(variables[name]) for name in names if name in variables}

    def _settings(self):
        if self.get_option("api_key") is None:
            advice = "Set the variable sentori_api_key, or SENTORI_API_KEY in the controller's environment."
            raise errors.InvalidInput(f"no API key was given. {advice}", option="api_key")
        return Settings(integration="ansible", **{option: self.get_option(option) for option in CONNECTION_OPTIONS})

    def _found(self, api, email):
        try:
            contact = api.get_contact(email)
        except errors.ContactNotFound:
            if not self.has_option("default") or self.get_option("default") is None:
                raise errors.InvalidInput(
                    f"no contact has the address {redaction.address(email)}. Give a default if that is expected."
                ) from None
            return self.get_option("default")
        field = self.get_option("field")
        if field is None:
            return contact
        if field not in contact:
            raise errors.InvalidInput(
                f"this contact has no field of this name.{hint(field, contact)}", option=f"field {field}"
            )
        return contact[field]
