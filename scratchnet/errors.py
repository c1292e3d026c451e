"""The one family of errors that a user can cause and mend."""


class UserError(Exception):
    """What is wrong, where, what is allowed and what to do, in one line; shown without a traceback.

    `exit_code` is what the process ends with: 2 for anything the user typed or provided.
    """

    exit_code = 2


class SettingError(UserError, ValueError):
    """A setting outside its range: `field` names it, `problem` says what was given and allowed."""

    def __init__(self, field: str, problem: str):
        super().__init__(f"{field}{problem}")
        self.field = field
        self.problem = problem

    def under(self, path: str) -> "SettingError":
        """The same error with the field named by its full path, e.g. `optimizer.lr`."""
        return SettingError(f"{path}.{self.field}", self.problem)


class DataError(UserError):
    """A dataset that is missing, damaged or not what its files claim to be."""


class RunError(UserError):
    """A run folder or checkpoint that is missing, damaged, or of another kind."""
