"""kktsim: an emulator and test bench for Russian online cash registers (ККТ) and their fiscal storage (ФН)."""

__version__ = "0.1.0"
