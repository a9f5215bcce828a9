"""The operator's hands, three ways to have them: on a bench in this process, over its control API, by asking a person.

All fit `scenarios.roles.Hands`; the first two also see, and fit `scenarios.roles.Witness`.
"""
